/** Languages of every message a person may read; zh-TW comes first. */
export type Language = 'zh-TW' | 'en';

/** A text in both languages. `{name}` is replaced by the parameter of that name. */
export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/** One entry of a catalogue: HTTP status, what is wrong and what to do. */
export interface ErrorDefinition extends Bilingual {
  readonly status: number;
  /** True where trying the same again later may succeed; jobs and subscribers retry only these. */
  readonly retryable?: boolean;
}

/** Where in the input a problem sits: a JSON pointer (`/recipients/3/phone`) or a column, with its message. */
export interface FieldProblem extends Bilingual {
  readonly pointer: string;
  readonly code: string;
}

export type ErrorParameters = Readonly<Record<string, string | number>>;

/** Everything that the product refuses on purpose. `code` is stable and documented in docs/errors.md. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly parameters: ErrorParameters;
  readonly fields: readonly FieldProblem[];
  readonly #text: Bilingual;

  constructor(
    code: string,
    definition: ErrorDefinition,
    parameters: ErrorParameters = {},
    options: { fields?: readonly FieldProblem[]; cause?: unknown } = {},
  ) {
    super(fill(definition.en, parameters), options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.status = definition.status;
    this.retryable = definition.retryable ?? false;
    this.parameters = parameters;
    this.fields = options.fields ?? [];
    this.#text = definition;
  }

  /** The message in a language, parameters filled in. */
  text(language: Language): string {
    return fill(language === 'en' ? this.#text.en : this.#text.zh, this.parameters);
  }
}

type Factory = (
  parameters?: ErrorParameters,
  options?: { fields?: readonly FieldProblem[]; cause?: unknown },
) => AppError;

const catalogue = new Map<string, ErrorDefinition>();

/**
 * Registers the errors of one area and returns a factory for each: `throw errors.not_found({ ubn })`.
 * The code is `<area>.<key>`. Defining a code twice throws at start-up.
 */
export function defineErrors<const D extends Record<string, ErrorDefinition>>(
  area: string,
  definitions: D,
): { readonly [K in keyof D]: Factory } {
  const factories: Record<string, Factory> = {};
  for (const [key, definition] of Object.entries(definitions)) {
    const code = `${area}.${key}`;
    if (catalogue.has(code)) throw new Error(`error code ${code} is defined twice`);
    catalogue.set(code, definition);
    factories[key] = (parameters, options) => new AppError(code, definition, parameters, options);
  }
  return factories as { readonly [K in keyof D]: Factory };
}

/** Every error defined so far, by code; docs/errors.md is checked against it. */
export function allErrors(): ReadonlyMap<string, ErrorDefinition> {
  return catalogue;
}

function fill(text: string, parameters: ErrorParameters): string {
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => String(parameters[key] ?? whole));
}
