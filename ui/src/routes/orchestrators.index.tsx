import { OrchestratorsPage } from '@/features/connect/OrchestratorsPage'
import { createFileRoute } from '@tanstack/react-router'

export const Route = createFileRoute('/orchestrators/')({ component: OrchestratorsPage })
