/** Shapes of `/api/field`, as the phone speaks of them. */
export type {
  Evidence,
  FieldTask as Task,
  FieldTaskDetail as TaskDetail,
  OrderState,
  Station,
  Temperature,
  Visit,
} from '@hearthline/api'

export const ROOMS = ['living', 'bedroom', 'kitchen', 'bath', 'other'] as const
export type Room = (typeof ROOMS)[number]

/** What the repairer has chosen and not yet handed in; kept on the phone. */
export interface Draft {
  cause: string | null
  note: string
}
