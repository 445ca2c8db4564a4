import { TextInput } from '@/components/TextInput'
import { useSuggestedPipelines } from './suggestions'

interface PipelineInputProps {
  label: string
  hint: string
  value: string
  onChange: (value: string) => void
  error: string | undefined
}

/** A pipeline as orchestrator/key, with those that begin like it. */
export function PipelineInput(props: PipelineInputProps) {
  return <TextInput {...props} autoComplete="off" suggestions={useSuggestedPipelines(props.value)} />
}
