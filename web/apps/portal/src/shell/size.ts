/** Large type for tired eyes, remembered on this phone. */
import { ref } from 'vue'

const KEY = 'hl.portal.large'

export const large = ref(localStorage.getItem(KEY) === '1')

export function applySize() {
  document.documentElement.classList.toggle('large', large.value)
}

export function toggleSize() {
  large.value = !large.value
  localStorage.setItem(KEY, large.value ? '1' : '0')
  applySize()
}
