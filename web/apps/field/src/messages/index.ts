import en from './en'
import zh from './zh'

/** The field app's texts. */
export default { zh, en }
