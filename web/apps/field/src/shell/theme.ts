/** Light, dark, or as the phone is set; a dark stairwell wants dark. */
import { ref } from 'vue'

export type Theme = 'auto' | 'light' | 'dark'
const KEY = 'hl.field.theme'
const dark = matchMedia('(prefers-color-scheme: dark)')

function read(): Theme {
  const chosen = localStorage.getItem(KEY)
  return chosen === 'light' || chosen === 'dark' ? chosen : 'auto'
}

export const theme = ref<Theme>(read())

export function applyTheme() {
  const isDark = theme.value === 'dark' || (theme.value === 'auto' && dark.matches)
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light'
}

export function setTheme(next: Theme) {
  theme.value = next
  localStorage.setItem(KEY, next)
  applyTheme()
}

dark.addEventListener('change', applyTheme)
