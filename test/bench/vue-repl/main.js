/*
 * Vue's playground as its package documents it: the CodeMirror editor, and a component
 * in TypeScript with as much to do as the first cell of our first example.
 */
import { Repl, useStore, useVueImportMap } from '@vue/repl';
import CodeMirror from '@vue/repl/codemirror-editor';
import '@vue/repl/style.css';
import { createApp, h, ref } from 'vue';

const SOURCE = `<script setup lang="ts">
const customers: string[] = ['customer_a', 'customer_b', 'customer_c'];
const orders = customers.map((id: string) => [
  { order_id: \`\${id}-001\`, amount: 150.0 },
  { order_id: \`\${id}-002\`, amount: 275.5 },
  { order_id: \`\${id}-003\`, amount: 89.99 },
]);
</script>

<template>
  <p id="result">{{ orders.length }} of 3 materialized</p>
</template>
`;

// Vue itself from this site, as the packages would otherwise come from a CDN.
const runtime = new URL('./vue.js', location.href).href;
const { importMap, vueVersion } = useVueImportMap({ runtimeDev: runtime, runtimeProd: runtime });
const template = ref({ welcomeSFC: SOURCE });
const store = useStore({ builtinImportMap: importMap, vueVersion, template });
createApp({ render: () => h(Repl, { store, editor: CodeMirror }) }).mount('#app');
