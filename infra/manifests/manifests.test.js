// The Kubernetes API's OpenAPI schema comes with kubernetes-models, the Compose specification's with dclint. Each test also breaks the file: a schema that
// accepts everything would pass otherwise.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { parse } from 'yaml';

const read = (file) => parse(readFileSync(fileURLToPath(new URL(`../${file}`, import.meta.url)), 'utf8'));

test('kubernetes/silos.yaml is a Deployment by the API\'s schema', () => {
  const deployment = read('kubernetes/silos.yaml');
  new Deployment(deployment).validate();

  deployment.spec.template.spec.terminationGracePeriodSeconds = 'soon';
  assert.throws(() => new Deployment(deployment).validate(), /terminationGracePeriodSeconds must be integer/);
});

test('docker/compose.yaml follows the Compose specification', () => {
  let folder = dirname(createRequire(import.meta.url).resolve('dclint'));
  while (!folder.endsWith('dclint')) folder = dirname(folder);
  // Draft 07, Ajv's own, under an address Ajv doesn't know.
  const { $schema, ...schema } = JSON.parse(readFileSync(join(folder, 'schemas', 'compose.schema.json'), 'utf8'));
  assert.match($schema, /draft-07/);
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  const validate = ajv.compile(schema);
  const compose = read('docker/compose.yaml');
  assert.ok(validate(compose), ajv.errorsText(validate.errors));

  compose.services.silo.stop_grace = '20s';
  assert.equal(validate(compose), false);
});
