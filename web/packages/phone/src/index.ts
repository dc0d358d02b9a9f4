/** The agent's telephone in the browser. */
export * from './machine'
