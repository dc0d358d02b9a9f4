import en from './en'
import zh from './zh'

/** The portal's texts. */
export default { zh, en }
