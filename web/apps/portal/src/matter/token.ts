/** The token in what a person pasted: the whole link, a text with the link in it, or the token alone. */
export function tokenIn(text: string): string | null {
  const link = /\/portal\/p\/([A-Za-z0-9_-]{16,})/.exec(text)
  if (link?.[1]) return link[1]
  const alone = text.trim()
  return /^[A-Za-z0-9_-]{40,}$/.test(alone) ? alone : null
}
