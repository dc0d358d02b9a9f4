import vue from 'eslint-plugin-vue'
import ts from 'typescript-eslint'

const HAN = /[\u3400-\u9fff]/

/** Texts that people read live in the message catalogues, nowhere else. */
const texts = {
  rules: {
    'no-han': {
      create: (context) => ({
        Program() {
          context.sourceCode.lines.forEach((line, i) => {
            const column = line.search(HAN)
            if (column >= 0)
              context.report({
                loc: { line: i + 1, column },
                message: 'Text for people belongs in the message catalogue.',
              })
          })
        },
      }),
    },
  },
}

export default ts.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/components.d.ts', '**/schema.ts', 'e2e/results/**'] },
  ...ts.configs.recommended,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    files: ['**/*.{ts,vue}'],
    plugins: { house: texts },
    rules: {
      'house/no-han': 'error',
      'max-lines': ['error', { max: 400 }],
      'vue/multi-word-component-names': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/html-indent': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/attributes-order': 'off',
      'vue/require-default-prop': 'off',
      'no-undef': 'off',
    },
  },
  { files: ['**/messages/**', '**/*.test.ts', 'e2e/**'], rules: { 'house/no-han': 'off', 'max-lines': 'off' } },
)
