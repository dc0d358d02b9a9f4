/** The map; it brings MapLibre with it, so import it where it is shown, lazily. */
export { default as MapView } from './MapView.vue'
export { edge, type Marker, type Region } from './places'
