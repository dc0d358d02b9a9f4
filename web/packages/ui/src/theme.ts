import { readonly, ref } from 'vue'

export type Theme = 'light' | 'dark'

const KEY = 'hl.theme'
const current = ref<Theme>('light')

/** The theme now. */
export const theme = readonly(current)

/** Shows the page in a theme; without one, in that chosen on this device, else the light one. */
export function applyTheme(wanted?: Theme) {
  current.value = wanted ?? (localStorage.getItem(KEY) === 'dark' ? 'dark' : 'light')
  document.documentElement.dataset.theme = current.value
}

export function toggleTheme() {
  const next = current.value === 'dark' ? 'light' : 'dark'
  localStorage.setItem(KEY, next)
  applyTheme(next)
}
