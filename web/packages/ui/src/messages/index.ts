import en from './en'
import zh from './zh'

/** Texts of the shared components. */
export const uiMessages = { zh, en }
