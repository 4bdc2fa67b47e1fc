/*
 * `PYTHON=… npm run record:dagster`: has Dagster, as installed for that Python, answer the questions about the
 * notebook under test, and keeps what it said.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const RUN = `
import ast, json, sys
asked = json.load(sys.stdin)
scope = {}
for program, scope["argument"] in zip(asked["programs"], asked["arguments"]):
    tree = ast.parse(program)
    last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, "program", "exec"), scope)
    said = eval(compile(last, "program", "eval"), scope)
json.dump(json.loads(said), sys.stdout, ensure_ascii=False)
`;

const here = fileURLToPath(new URL('.', import.meta.url));
const { module } = await runnerImport(`${here}asked-notebook.ts`, { logLevel: 'error' });
const asked = module.toRecord();
const said = execFileSync(process.env.PYTHON ?? 'python3', ['-c', RUN], {
  input: JSON.stringify(asked),
  maxBuffer: 1e8,
  encoding: 'utf8',
});
const lines = JSON.parse(said).map((reply, place) =>
  JSON.stringify([JSON.parse(asked.questions[place]), reply]),
);
writeFileSync(`${here}dagster-replies.json`, `[\n${lines.join(',\n')}\n]\n`);
console.log(`${lines.length} answers`);
process.exit(0);
