import vue from '@vitejs/plugin-vue'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import components from 'unplugin-vue-components/vite'
import { defineConfig } from 'vite'

const server = process.env.HEARTHLINE_SERVER ?? 'http://127.0.0.1:8800'

export default defineConfig({
  base: '/desk/',
  plugins: [
    vue(),
    // Element Plus, each component with its style where it is used; ours are imported by hand.
    components({ dirs: [], resolvers: [ElementPlusResolver()], dts: 'components.d.ts' }),
  ],
  build: { target: 'es2022', chunkSizeWarningLimit: 1200 },
  server: {
    host: '127.0.0.1',
    port: 5173,
    strictPort: true,
    proxy: { '/api': { target: server, ws: true } },
  },
})
