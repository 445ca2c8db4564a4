import { FieldError } from 'react-aria-components/FieldError'
import { Input } from 'react-aria-components/Input'
import { Label } from 'react-aria-components/Label'
import { Text } from 'react-aria-components/Text'
import { TextArea } from 'react-aria-components/TextArea'
import { TextField, type TextFieldProps } from 'react-aria-components/TextField'
import { useId } from 'react'
import styles from './TextInput.module.css'

interface TextInputProps extends Omit<TextFieldProps, 'className' | 'style' | 'children'> {
  label: string
  hint?: string
  /** What is wrong with the value */
  error?: string | undefined
  /** More than one: a larger, monospaced field */
  lines?: number
  /** What is known to be there; anything else may be typed too */
  suggestions?: readonly string[]
}

export function TextInput({ label, hint, error, lines = 1, suggestions, ...field }: TextInputProps) {
  const list = useId()
  return (
    <TextField
      {...field}
      isInvalid={error !== undefined}
      validationBehavior="aria"
      className={styles.field ?? ''}
    >
      <Label className={styles.label ?? ''}>{label}</Label>
      <Entry lines={lines} list={suggestions && list} />
      {suggestions && <Suggestions id={list} values={suggestions} />}
      {hint && (
        <Text slot="description" className={styles.hint ?? ''}>
          {hint}
        </Text>
      )}
      <FieldError className={styles.error ?? ''}>{error}</FieldError>
    </TextField>
  )
}

function Entry({ lines, list }: { lines: number; list: string | undefined }) {
  if (lines > 1) return <TextArea rows={lines} spellCheck={false} className={styles.area ?? ''} />
  return <Input className={styles.input ?? ''} {...(list !== undefined && { list })} />
}

function Suggestions({ id, values }: { id: string; values: readonly string[] }) {
  return (
    <datalist id={id}>
      {values.map((one) => (
        <option key={one} value={one} />
      ))}
    </datalist>
  )
}
