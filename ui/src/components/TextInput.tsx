import { FieldError } from 'react-aria-components/FieldError'
import { Input } from 'react-aria-components/Input'
import { Label } from 'react-aria-components/Label'
import { Text } from 'react-aria-components/Text'
import { TextArea } from 'react-aria-components/TextArea'
import { TextField, type TextFieldProps } from 'react-aria-components/TextField'
import styles from './TextInput.module.css'

interface TextInputProps extends Omit<TextFieldProps, 'className' | 'style' | 'children'> {
  label: string
  hint?: string
  /** What is wrong with the value */
  error?: string | undefined
  /** More than one: a larger, monospaced field */
  lines?: number
}

export function TextInput({ label, hint, error, lines = 1, ...field }: TextInputProps) {
  return (
    <TextField
      {...field}
      isInvalid={error !== undefined}
      validationBehavior="aria"
      className={styles.field ?? ''}
    >
      <Label className={styles.label ?? ''}>{label}</Label>
      {lines > 1 ? (
        <TextArea rows={lines} spellCheck={false} className={styles.area ?? ''} />
      ) : (
        <Input className={styles.input ?? ''} />
      )}
      {hint && (
        <Text slot="description" className={styles.hint ?? ''}>
          {hint}
        </Text>
      )}
      <FieldError className={styles.error ?? ''}>{error}</FieldError>
    </TextField>
  )
}
