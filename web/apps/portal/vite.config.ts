import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const server = process.env.HEARTHLINE_SERVER ?? 'http://127.0.0.1:8800'

export default defineConfig({
  base: '/portal/',
  plugins: [vue()],
  build: { target: 'es2022' },
  server: { port: 5175, proxy: { '/api': { target: server, ws: true } } },
})
