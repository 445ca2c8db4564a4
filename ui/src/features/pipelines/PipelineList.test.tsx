import { screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { anOrchestrator, aPipeline } from '../../../test/builders'
import { pretendGateway } from '../../../test/gateway'
import { renderPage } from '../../../test/page'
import { PipelineList } from './PipelineList'

afterEach(() => vi.unstubAllGlobals())

test('the first pipelines appear within seconds, though nobody tells of them', async () => {
  const answers = [[], [aPipeline({ name: 'daily_report' })]]
  pretendGateway({
    Me: () => ({ me: null }),
    Orchestrators: () => ({ orchestrators: [anOrchestrator()] }),
    Pipelines: () => {
      const found = answers.length > 1 ? answers.shift() : answers[0]
      return {
        pipelines: {
          totalCount: 1,
          pageInfo: { hasNextPage: false, endCursor: null },
          edges: (found ?? []).map((node) => ({ node })),
        },
      }
    },
  })
  await renderPage(<PipelineList />)
  expect(await screen.findByText('No pipelines yet')).toBeInTheDocument()
  expect(await screen.findByText('daily_report')).toBeInTheDocument()
})
