/** The agent's telephone in the browser. */
export { type PhoneEvent, type PhoneState, step } from './machine'
export { type Line, type LineEvents, type OpenLine, type PhoneServer, answersItself } from './ports'
export { Softphone } from './softphone'
