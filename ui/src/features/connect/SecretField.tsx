import { Segmented } from '@/components/Segmented'
import { TextInput } from '@/components/TextInput'
import styles from './Connect.module.css'
import { type ConnectForm, type Source, sourceOf } from './connectForm'
import type { Field, Rules } from './connectQueries'

interface SecretFieldProps {
  field: Field
  rules: Rules
  form: ConnectForm
  faults: Record<string, string | undefined>
  isNew: boolean
  onChange: (form: ConnectForm) => void
}

const words: Record<Source, string> = { kept: 'Keep it', typed: 'Type it in', reference: 'Reference' }

/** A secret: typed in and stored encrypted, named by reference, or left as it is. */
export function SecretField(props: SecretFieldProps) {
  const { field, rules, form, onChange } = props
  const path = `auth.${field.name}`
  const source = sourceOf(form, path, rules.canBeTyped)
  // What is stored can still be kept after another way was looked at.
  const canBeKept = source === 'kept' || form.sources[`${path}.stored`] === 'kept'
  const choose = (next: Source): void =>
    onChange({
      ...form,
      values: { ...form.values, [path]: '' },
      sources: { ...form.sources, [path]: next, ...(canBeKept && { [`${path}.stored`]: 'kept' as const }) },
    })
  const choices = choicesOf(canBeKept, rules.canBeTyped)
  return (
    <div className={styles.secret}>
      {source === 'kept' ? <Kept {...props} path={path} /> : <Given {...props} path={path} source={source} />}
      {choices.length > 1 && (
        <Segmented
          label={`How ${field.title} is given`}
          value={source}
          onChange={choose}
          options={choices.map((choice) => ({ value: choice, label: words[choice], content: words[choice] }))}
        />
      )}
    </div>
  )
}

function choicesOf(canBeKept: boolean, canBeTyped: boolean): Source[] {
  const all: (Source | false)[] = [canBeKept && 'kept', canBeTyped && 'typed', 'reference']
  return all.filter((one) => one !== false)
}

function Kept({ field, faults, path }: SecretFieldProps & { path: string }) {
  return (
    <div>
      <span className={styles.label}>{field.title}</span>{' '}
      <span className={styles.hint}>is stored, and is not shown.</span>
      {faults[path] !== undefined && (
        <p role="alert" className={styles.fault}>
          {faults[path]}
        </p>
      )}
    </div>
  )
}

interface GivenProps extends SecretFieldProps {
  path: string
  source: Source
}

function Given({ field, rules, form, faults, onChange, path, source }: GivenProps) {
  const isTyped = source === 'typed'
  return (
    <TextInput
      label={isTyped ? field.title : `${field.title}: reference`}
      type={isTyped ? 'password' : 'text'}
      autoComplete={isTyped ? 'new-password' : 'off'}
      hint={hintOf(field, rules, source)}
      value={form.values[path] ?? ''}
      onChange={(value) => onChange({ ...form, values: { ...form.values, [path]: value } })}
      error={faults[path]}
    />
  )
}

function hintOf(field: Field, rules: Rules, source: Source): string {
  if (source === 'typed')
    return [field.help, 'It is stored encrypted, and never shown again.'].filter(Boolean).join(' ')
  const variable = `env:${rules.environmentPrefix}NAME for a variable of the server`
  const where = rules.canBeFiles
    ? `${variable}, or file:NAME for a file below PODIUM_SECRETS_DIR.`
    : `${variable}.`
  return rules.remedy === null ? where : `${where} ${rules.remedy}`
}
