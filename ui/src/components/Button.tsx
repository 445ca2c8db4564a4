import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button'
import styles from './Button.module.css'

interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style'> {
  /** primary: the one thing to do here; danger: it ends or destroys; icon: a square one, which needs an aria-label */
  look?: 'primary' | 'danger' | 'plain' | 'quiet' | 'icon'
}

export function Button({ look = 'plain', ...props }: ButtonProps) {
  return <AriaButton {...props} className={`${styles.button ?? ''} ${styles[look] ?? ''}`} />
}
