import en from './en'
import zh from './zh'

/** The wall's texts. */
export default { zh, en }
