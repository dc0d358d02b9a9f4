/**
 * What every app needs and no page should write again: the way to the server, who is signed in,
 * formats, the live stream, the message catalogues.
 */
export * from './clock'
export * from './formats'
export * from './http'
export * from './i18n'
export * from './id'
export * from './problem'
export * from './query'
export * from './session'
export * from './stream'
export * from './timeLeft'
