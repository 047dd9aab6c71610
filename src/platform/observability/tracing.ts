import type { FastifyInstance } from 'fastify';
import { maskPath } from '../http/mask.ts';

/** Traces under way. */
export interface Tracing {
  /** Register it on the server before any other hook or route. */
  install(app: FastifyInstance): Promise<void>;
  /** Sends what is held, and ends. */
  stop(): Promise<void>;
}

/**
 * Begins to send traces to an OpenTelemetry collector (OTLP over HTTP). The SDK takes about half a second to load, so
 * it is loaded only here. Spans hold route patterns and masked paths, never a query.
 */
export async function startTracing(options: {
  readonly otlpEndpoint: string;
  readonly version: string;
}): Promise<Tracing> {
  const defaults = {
    OTEL_EXPORTER_OTLP_ENDPOINT: options.otlpEndpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_SERVICE_NAME: 'xinlai',
    OTEL_RESOURCE_ATTRIBUTES: `service.version=${options.version}`,
  };
  // The SDK's own variables win: an operator may tune what the product does not name.
  for (const [name, value] of Object.entries(defaults)) process.env[name] ??= value;
  const [{ NodeSDK }, { FastifyOtelInstrumentation }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@fastify/otel'),
  ]);
  const fastify = new FastifyOtelInstrumentation({
    instrumentHooks: false,
    instrumentHandler: false,
    recordExceptions: false,
    ignorePaths: ({ url }) => url === '/healthz' || url === '/readyz' || url === '/metrics',
    requestHook: (span, request) => {
      span.setAttribute('url.path', maskPath(request.routeOptions.url ?? 'unknown', request.params));
      span.setAttribute('xinlai.request_id', request.id);
    },
  });
  const sdk = new NodeSDK({ instrumentations: [fastify], autoDetectResources: false });
  sdk.start();
  return {
    install: async (app) => {
      await app.register(fastify.plugin());
    },
    stop: () => sdk.shutdown(),
  };
}
