import { scheduleWords } from './scheduleWords'

/** A schedule in words, where it can be told so. Fetched with the first table: what knows crontabs is not small. */
export default function ScheduleText({ schedule }: { schedule: string }) {
  return scheduleWords(schedule) ?? <code>{schedule}</code>
}
