import { Picker } from '@/components/Picker'
import { TextInput } from '@/components/TextInput'
import styles from './Connect.module.css'
import { authFields, type ConnectForm, waysOf } from './connectForm'
import type { Field, Kind, Rules } from './connectQueries'
import { SecretField } from './SecretField'

interface FieldsProps {
  kind: Kind
  rules: Rules
  form: ConnectForm
  faults: Record<string, string | undefined>
  isNew: boolean
  onChange: (form: ConnectForm) => void
}

/** The questions, drawn from what the kind's adapter wants. */
export function ConnectionFields(props: FieldsProps) {
  const { kind, form, faults, isNew, onChange } = props
  const ways = waysOf(kind)
  return (
    <>
      <TextInput
        label="URL"
        hint="Where its server answers, without a user name."
        inputMode="url"
        value={form.url}
        onChange={(url) => onChange({ ...form, url })}
        error={faults['url']}
        // The address is the first thing to give.
        autoFocus={isNew}
      />
      <TextInput
        label="Name"
        hint={
          isNew
            ? 'What you call it: lower-case letters, digits and hyphens.'
            : 'It stays: its history hangs on it.'
        }
        isReadOnly={!isNew}
        value={form.name}
        onChange={(name) => onChange({ ...form, name })}
        error={faults['name']}
      />
      {ways.length > 0 && (
        <div className={styles.line}>
          <span className={styles.label}>Log in with</span>
          <Picker
            label="Log in with"
            all="nothing: it is open"
            value={form.way}
            onChange={(way) => onChange({ ...form, way })}
            options={ways}
          />
        </div>
      )}
      {authFields(kind, form).map((field) =>
        field.isSecret ? (
          <SecretField key={field.name} {...props} field={field} />
        ) : (
          <OneField key={field.name} {...props} section="auth" field={field} />
        ),
      )}
      {kind.options.length > 0 && <Options {...props} />}
    </>
  )
}

function Options(props: FieldsProps) {
  const isWrong = Object.keys(props.faults).some((path) => path.startsWith('options.'))
  return (
    <details className={styles.more} {...(isWrong && { open: true })}>
      <summary>More options</summary>
      <div className={styles.options}>
        {props.kind.options.map((field) => (
          <OneField key={field.name} {...props} section="options" field={field} />
        ))}
      </div>
    </details>
  )
}

interface OneFieldProps extends FieldsProps {
  section: 'auth' | 'options'
  field: Field
}

function OneField(props: OneFieldProps) {
  const { section, field, form, onChange } = props
  const path = `${section}.${field.name}`
  const value = form.values[path] ?? ''
  const set = (next: string): void => onChange({ ...form, values: { ...form.values, [path]: next } })
  if (field.type === 'CHOICE' || field.type === 'BOOLEAN')
    return <Choice field={field} value={value} onChange={set} />
  const isNumber = field.type === 'INTEGER' || field.type === 'NUMBER'
  return (
    <TextInput
      label={labelOf(field)}
      hint={[field.help, defaultWords(field)].filter(Boolean).join(' ')}
      value={value}
      onChange={set}
      error={props.faults[path]}
      inputMode={isNumber ? 'decimal' : 'text'}
    />
  )
}

function labelOf({ title, isRequired, way }: Field): string {
  return isRequired || way !== null ? title : `${title} (optional)`
}

interface ChoiceProps {
  field: Field
  value: string
  onChange: (value: string) => void
}

function Choice({ field, value, onChange }: ChoiceProps) {
  return (
    <div className={styles.line}>
      <span className={styles.label}>{field.title}</span>
      <Picker
        label={field.title}
        all="by default"
        value={value || null}
        onChange={(chosen) => onChange(chosen ?? '')}
        options={field.type === 'BOOLEAN' ? ['true', 'false'] : field.choices}
      />
      {field.help && <span className={styles.hint}>{field.help}</span>}
    </div>
  )
}

function defaultWords({ default: value }: Field): string {
  return typeof value === 'string' || typeof value === 'number' ? `${value} where it is left empty.` : ''
}
