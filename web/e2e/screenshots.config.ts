import { defineConfig } from '@playwright/test'

/** Makes the pictures of the README from a demonstration city. */
export default defineConfig({
  testDir: '.',
  testMatch: 'screenshots.ts',
  outputDir: 'results',
  workers: 1,
  timeout: 300_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
})
