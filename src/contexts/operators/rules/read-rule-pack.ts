/** The shape of a rule pack, and the check of one that a person brings. */
import { readFile } from 'node:fs/promises';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { type Condition, namesIn } from './condition.ts';
import { knownFacts } from './known-facts.ts';

const closed = { additionalProperties: false } as const;
const Words = Type.Object({ zh: Type.String(), en: Type.String() }, closed);
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const Statuses = Type.Array(Type.String());
const Limit = Type.Union([Type.Number(), Type.String({ pattern: '^\\$' })]);
const TestShape = Type.Object(
  {
    fact: Type.String(),
    is: Type.Optional(Type.Boolean()),
    equals: Type.Optional(Type.Union([Type.String(), Type.Number()])),
    in: Type.Optional(Type.Array(Type.String())),
    above: Type.Optional(Limit),
    atLeast: Type.Optional(Limit),
    below: Type.Optional(Limit),
  },
  closed,
);
const ConditionShape = Type.Cyclic(
  {
    Condition: Type.Union([
      Type.Object({ all: Type.Array(Type.Ref('Condition')) }, closed),
      Type.Object({ any: Type.Array(Type.Ref('Condition')) }, closed),
      Type.Object({ not: Type.Ref('Condition') }, closed),
      TestShape,
    ]),
  },
  'Condition',
);
const LawShape = Type.Object({ law: Type.String(), article: Type.String(), text: Type.String() }, closed);
const Weight = Type.Object(
  {
    weight: Type.Number({ minimum: 0 }),
    from: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    to: Type.Number({ exclusiveMinimum: 0 }),
  },
  closed,
);

const RuleShape = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]*$' }),
    subject: Type.Union([Type.Literal('operator'), Type.Literal('shop'), Type.Literal('conflict')]),
    severity: Type.Union([
      Type.Literal('critical'),
      Type.Literal('high'),
      Type.Literal('medium'),
      Type.Literal('low'),
    ]),
    title: Words,
    when: ConditionShape,
    /** Sentences with `{fact}`, `{fact:zh}`, `{$threshold}`, `{name}` and `{asOf}`. */
    text: Words,
    /** Groups of rows shown as evidence, and facts shown beside them. */
    evidence: Type.Array(Type.String()),
    facts: Type.Array(Type.String()),
    /** The fact that is shown as the class of the finding. */
    class: Type.Optional(Type.String()),
    /** The fact that holds the day from which the finding ages. */
    since: Type.Union([Type.String(), Type.Null()]),
    law: Type.Array(LawShape, { minItems: 1 }),
  },
  closed,
);

const SignShape = Type.Object(
  {
    source: Type.Union([
      Type.Literal('fsc_reply'),
      Type.Literal('tax_sales'),
      Type.Literal('capability_registration'),
    ]),
    above: Type.Optional(Type.Number()),
    inForce: Type.Optional(Type.Literal(true)),
    zh: Type.String(),
    en: Type.String(),
  },
  closed,
);

const PackShape = Type.Object(
  {
    id: Type.String({ minLength: 1 }),
    validFrom: Day,
    validTo: Type.Union([Day, Type.Null()]),
    title: Words,
    businessItem: Type.Object({ code: Type.String(), catchAll: Type.String() }, closed),
    statusClasses: Type.Object(
      {
        'in-being': Statuses,
        'foreign-branch': Statuses,
        'ordered-dissolved': Statuses,
        suspended: Statuses,
        closing: Statuses,
        moved: Statuses,
        gone: Statuses,
      },
      closed,
    ),
    gonePrefixes: Statuses,
    operating: Type.Object({ signs: Type.Array(SignShape, { minItems: 1 }) }, closed),
    thresholds: Type.Record(Type.String(), Type.Number()),
    matching: Type.Object(
      {
        /** Similarity of cores from which a name confirms a number. */
        nameConfirmation: Type.Number(),
        /** Score from which a similar name is taken, and its least lead over the next firm. */
        similarName: Type.Number(),
        similarNameMargin: Type.Number(),
        /** Similarity of brands from which two shops with one typing error are one. */
        nearlyEqualShop: Type.Number(),
      },
      closed,
    ),
    score: Type.Object({ size: Weight, repetition: Weight, traffic: Weight, age: Weight }, closed),
    measures: Type.Array(Type.String()),
    rules: Type.Array(RuleShape, { minItems: 1 }),
  },
  closed,
);

export type RulePack = Omit<Type.Static<typeof PackShape>, 'rules'> & { readonly rules: readonly Rule[] };
export type Rule = Omit<Type.Static<typeof RuleShape>, 'when'> & { readonly when: Condition };

/** The message of a pack that cannot be used says where in it the fault is. */
export class RulePackError extends Error {}

/** Reads a pack from parsed JSON. Throws `RulePackError` that names the first fault. */
export function parseRulePack(value: unknown): RulePack {
  if (!Value.Check(PackShape, value)) {
    const [first] = Value.Errors(PackShape, value);
    throw new RulePackError(`rule pack: ${first?.instancePath || '/'} ${first?.message ?? 'is not valid'}`);
  }
  const pack = value as unknown as RulePack;
  for (const rule of pack.rules) checkNames(rule, pack);
  const ids = pack.rules.map((rule) => rule.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new RulePackError(`rule pack: the rule ${twice} stands in it twice`);
  return pack;
}

function checkNames(rule: Rule, pack: RulePack): void {
  const known = knownFacts[rule.subject];
  const named = namesIn(rule.when);
  const facts = [
    ...named.facts,
    ...rule.facts,
    ...[rule.class, rule.since].filter((name) => typeof name === 'string'),
  ];
  const unknown = facts.find((fact) => !known.facts.includes(fact));
  if (unknown !== undefined)
    throw new RulePackError(
      `rule pack: rule ${rule.id} names the unknown fact ${unknown}; known: ${known.facts.join(', ')}`,
    );
  const group = rule.evidence.find((name) => !known.evidence.includes(name));
  if (group !== undefined)
    throw new RulePackError(
      `rule pack: rule ${rule.id} names the unknown evidence ${group}; known: ${known.evidence.join(', ')}`,
    );
  const missing = named.thresholds.find((name) => pack.thresholds[name] === undefined);
  if (missing !== undefined)
    throw new RulePackError(`rule pack: rule ${rule.id} names the unknown threshold $${missing}`);
}

/** Reads a pack from a JSON file. Throws `RulePackError` where it is missing, no JSON or not a pack. */
export async function readRulePack(path: string): Promise<RulePack> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new RulePackError(
      `rule pack: ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RulePackError(`rule pack: ${path} is not JSON`);
  }
  return parseRulePack(value);
}
