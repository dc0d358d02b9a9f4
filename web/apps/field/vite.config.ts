import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'

const server = process.env.HEARTHLINE_SERVER ?? 'http://127.0.0.1:8800'

const icon = (src: string, sizes: string, purpose = 'any') => ({
  src, sizes, purpose, type: 'image/png',
})

/** Our icons are drawn; Vant's font would be 30 kB and name a host outside. */
const withoutIconFont: Plugin = {
  name: 'without-icon-font',
  enforce: 'pre',
  transform: (code, id) =>
    id.includes('/vant/') && id.endsWith('.css') ? code.replace(/@font-face\s*\{[^}]*\}/g, '') : undefined,
}

export default defineConfig({
  base: '/field/',
  plugins: [
    withoutIconFont,
    vue(),
    VitePWA({
      registerType: 'prompt',
      injectRegister: false,
      manifest: {
        id: '/field/',
        name: 'Hearthline Field',
        short_name: 'Hearthline',
        lang: 'zh-CN',
        start_url: '/field/',
        scope: '/field/',
        display: 'standalone',
        orientation: 'portrait',
        background_color: '#161513',
        theme_color: '#262320',
        icons: [
          icon('icon-192.png', '192x192'),
          icon('icon-512.png', '512x512'),
          icon('icon-maskable-512.png', '512x512', 'maskable'),
        ],
      },
      workbox: {
        // The shell only: data comes from the server or from the phone's own stores.
        globPatterns: ['**/*.{js,css,html,svg,png,woff2}'],
        navigateFallback: '/field/index.html',
        navigateFallbackDenylist: [/^\/api\//],
        cleanupOutdatedCaches: true,
      },
    }),
  ],
  build: { target: 'es2022' },
  server: { port: 5174, proxy: { '/api': { target: server, ws: true } } },
})
