/** How a version's state looks. */
export const STEP = {
  draft: 'waiting',
  submitted: 'moving',
  approved: 'moving',
  published: 'done',
  superseded: 'waiting',
} as const
