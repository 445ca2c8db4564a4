/** "It would have fired 7 times, 2 still waiting." */
export function totalWords(previews: readonly { wouldTrigger: boolean }[]): string {
  const fired = previews.filter(({ wouldTrigger }) => wouldTrigger).length
  const waiting = previews.length - fired
  const times = fired === 1 ? 'once' : `${fired.toLocaleString('en')} times`
  return `It would have fired ${times}${waiting > 0 ? `, ${waiting.toLocaleString('en')} still waiting` : ''}.`
}
