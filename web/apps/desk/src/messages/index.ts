import en from './en'
import zh from './zh'

/** Texts of the desk. */
export const deskMessages = { zh, en }
