import { createHash } from 'node:crypto';
import { type Address, formatAddress } from '#catalog/address.ts';
import { timeouts } from '#catalog/timeouts.ts';
import { type ClientLimit, clientAddress, limitUse, limitZone } from './clients.ts';
import { type EdgeError, edgeErrors } from './errors.ts';
import { type FailurePolicy, failurePolicy } from './policy.ts';

export interface NginxParams {
  readonly listen: Address;
  /** Serves `/stub_status` and `/nginx-health`; never the public address. */
  readonly status: Address;
  readonly upstreams: readonly Upstream[];
  /** Relative to the prefix, or absolute. */
  readonly accessLog?: string;
  readonly workers?: number;
  readonly policy?: FailurePolicy;
  /** No limit when absent. */
  readonly clientLimit?: ClientLimit;
  /** Beginnings of paths that are answered with 404. */
  readonly missing?: readonly string[];
  /** Addresses or networks (CIDR) that are believed when they say for whom they ask; nobody by default. */
  readonly trustedProxies?: readonly string[];
}

export interface Upstream {
  readonly name: string;
  readonly address: Address;
  /** Gets no request. */
  readonly away?: true;
  /** Where its requests are sent instead, to be passed on; the access log names `logged` all the same. */
  readonly via?: { readonly address: Address; readonly logged: string };
}

/**
 * nginx.conf. Every path is relative to the prefix, which by default needs a folder `logs`:
 * `nginx -p <folder> -e stderr -c nginx.conf -g 'daemon off;'`, by root or by anybody.
 * The worker never touches the disk but for the log files its master opened, so it may run as nobody.
 * The error log begins at `crit`: below that nginx quotes whole requests, query included, to tell of failures that the
 * access log tells of by `upstream_status`.
 */
export function renderNginx(params: NginxParams): string {
  const configuration = render(params);
  const revision = createHash('sha256').update(configuration).digest('hex').slice(0, 12);
  return configuration.replace(noRevision, `"configuration":"${revision}"`);
}

/** What `/nginx-health` says once nginx serves by this configuration. */
export function revisionOf(configuration: string): string {
  return /"configuration":"([0-9a-f]+)"/.exec(configuration)?.[1] ?? '';
}

const noRevision = '"configuration":""';

function render(params: NginxParams): string {
  const { accessLog = 'logs/access.log', workers = 1, policy = failurePolicy, trustedProxies = [] } = params;
  return `worker_processes ${workers};
worker_rlimit_nofile 8192;
worker_shutdown_timeout 30s;
pid nginx.pid;
error_log stderr crit;

events {
  worker_connections 4096;
}

http {
  client_body_temp_path temp-body;
  proxy_temp_path temp-proxy;
  fastcgi_temp_path temp-fastcgi;
  uwsgi_temp_path temp-uwsgi;
  scgi_temp_path temp-scgi;
  client_body_buffer_size 1m;
  client_max_body_size 1m;
  proxy_max_temp_file_size 0;

  server_tokens off;
  default_type application/json;
  tcp_nodelay on;
  client_header_timeout 10s;
  client_body_timeout 10s;
  send_timeout 10s;
  keepalive_timeout 75s;
  keepalive_requests 100000;

${correlation}
${logFormat(params.upstreams)}
${upstreamBlock(params.upstreams, policy)}
${clientAddress(trustedProxies)}${limitZone(params.clientLimit)}
  server {
    listen ${formatAddress(params.listen)};
    access_log ${accessLog} edge;

    add_header X-Request-Id $edge_request_id always;
    proxy_hide_header X-Request-Id;

    # What is no method of HTTP a replica could not even read, and would answer without the request's id.
    if ($request_method !~ "^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$") {
      return 405;
    }

    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Request-Id $edge_request_id;
    proxy_set_header traceparent 00-$edge_trace_id-$edge_span_id-01;
    proxy_connect_timeout ${timeouts.edgeConnectSeconds}s;
    proxy_send_timeout 5s;
    proxy_read_timeout ${duration(policy.readTimeoutSeconds)};
    proxy_next_upstream ${policy.nextUpstream.join(' ') || 'off'};
    proxy_next_upstream_tries ${policy.tries};
    proxy_next_upstream_timeout ${duration(policy.readTimeoutSeconds + 1)};

${params.missing?.includes('/api/') ? '' : passed('/api/', limitUse(params.clientLimit))}${passed('/api/backend/error/', limitUse(params.clientLimit) + failuresOnRequest)}${(params.missing ?? []).map(missingLocation).join('')}    location = /openapi.json {
${limitUse(params.clientLimit)}      proxy_pass http://backend;
    }
    location = /health {
      proxy_pass http://backend;
    }
    location /health/ {
      proxy_pass http://backend;
    }
    location / {
      return 404;
    }
${edgeErrors.map(errorPage).join('\n')}
  }

  server {
    listen ${formatAddress(params.status)};
    access_log off;
    location = /stub_status {
      stub_status;
    }
    location = /nginx-health {
      return 200 '{"status":"ok",${noRevision}}';
    }
    location / {
      return 404;
    }
  }
}
`;
}

/** nginx takes no fractions. */
function duration(seconds: number): string {
  return Number.isInteger(seconds) ? `${seconds}s` : `${Math.round(1000 * seconds)}ms`;
}

function passed(path: string, how: string): string {
  return `    location ${path} {\n${how}      proxy_pass http://backend;\n    }\n`;
}

function missingLocation(path: string): string {
  return `    location ^~ ${path} {\n      return 404;\n    }\n`;
}

/**
 * Whoever asks for a failure gets the replica's own, and only that: were it a timeout to nginx, it would be asked of the next
 * replica too, and three of them would leave both replicas out for everybody.
 */
const failuresOnRequest = `      proxy_read_timeout ${timeouts.edgeSlowReadSeconds}s;
      proxy_next_upstream off;
`;

/**
 * A request id is passed on when it is well-formed, and made here otherwise. So is a trace, in which the edge is a span of its
 * own: what the client sent is its parent, and it is the parent of what the replicas do. Whether it is recorded (the flag 01) is
 * not for clients to say: no failed request goes without a trace.
 */
const correlation = `  map $http_x_request_id $edge_request_id {
    "~^[A-Za-z0-9_.:-]{1,128}$" $http_x_request_id;
    default $request_id;
  }
  map $request_id $edge_span_id {
    "~^(?<first_half>[0-9a-f]{16})" $first_half;
  }
  map $http_traceparent $edge_traceparent {
    "~^00-(0{32}-|[0-9a-f]{32}-0{16}-)" "";
    "~^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$" $http_traceparent;
    default "";
  }
  map $edge_traceparent $edge_trace_id {
    "~^00-(?<sent_trace_id>[0-9a-f]{32})-" $sent_trace_id;
    default $request_id;
  }
  map $edge_traceparent $edge_parent_span_id {
    "~^00-[0-9a-f]{32}-(?<sent_span_id>[0-9a-f]{16})-" $sent_span_id;
    default "";
  }
`;

/**
 * One EdgeLogLine of the catalog a request. A status of nginx itself may be 000, which is no JSON number; an error page
 * turns the method into GET, so it is taken from the line that was sent. A path ends where it holds an e-mail address.
 */
function logFormat(upstreams: readonly Upstream[]): string {
  return `${upstreamsByName(upstreams)}  map $request $edge_method {
    "~^(?<method_sent>[A-Z]{1,32}) " $method_sent;
    default "";
  }
  map $request_uri $edge_path {
    "~^(?<before_address>[^?]*?/)[^/?]*(@|%40)" "\${before_address}…";
    "~^(?<path_only>[^?]*)" $path_only;
  }
  map $status $edge_status {
    "~^0+$" 0;
    "~^0*(?<significant>[1-9][0-9]*)$" $significant;
  }
  log_format edge escape=json
    '{"time":$msec,"service":"nginx","request_id":"$edge_request_id","trace_id":"$edge_trace_id",'
    '"span_id":"$edge_span_id","trace_flags":"01","parent_span_id":"$edge_parent_span_id",'
    '"method":"$edge_method","path":"$edge_path","status":$edge_status,"duration_seconds":$request_time,'
    '"bytes_sent":$bytes_sent,"upstream_address":"${logged(upstreams)}","upstream_status":"$upstream_status",'
    '"upstream_duration_seconds":"$upstream_response_time"}';
`;
}

const logged = (upstreams: readonly Upstream[]): string =>
  upstreams.some(({ via }) => via) ? '$edge_first_upstream$edge_next_upstream' : '$upstream_addr';

/** The two that may be tried for a request, each by the address of the replica, whatever the way to it. */
function upstreamsByName(upstreams: readonly Upstream[]): string {
  const passed = upstreams.flatMap(({ via }) => via ?? []);
  if (passed.length === 0) return '';
  const rows = (pattern: (port: number) => string, before: string): string =>
    passed.map(({ address, logged }) => `    "~${pattern(address.port)}" "${before}${logged}";\n`).join('');
  return `  map $upstream_addr $edge_first_upstream {
${rows((port) => `^[^,]*:${port}(,|$)`, '')}    "~^(?<first_upstream>[^,]*)" $first_upstream;
  }
  map $upstream_addr $edge_next_upstream {
${rows((port) => `, [^,]*:${port}$`, ', ')}    "~(?<next_upstream>, [^,]*)$" $next_upstream;
    default "";
  }
`;
}

function upstreamBlock(upstreams: readonly Upstream[], policy: FailurePolicy): string {
  const servers = upstreams.map(
    (upstream) =>
      `    server ${reached(upstream)} max_fails=${policy.maxFails} fail_timeout=${policy.failTimeoutSeconds}s${upstream.away ? ' down' : ''}; # ${upstream.name}`,
  );
  const lastResort = upstreams.map(
    (upstream) =>
      `    server ${reached(upstream)} max_fails=0 max_conns=${policy.lastResort} backup${upstream.away ? ' down' : ''};`,
  );
  return `  upstream backend {
    zone backend 64k;
    least_conn;
${[...servers, ...(policy.lastResort === undefined ? [] : lastResort)].join('\n')}
    keepalive 64;
    keepalive_timeout 60s;
  }
`;
}

function reached({ address, via }: Upstream): string {
  return formatAddress(via?.address ?? address);
}

/** Not a named location: nginx cannot go to one from a request so broken that it has no URI. */
function errorPage({ status, nginxStatus = status, code, message, retryAfterSeconds }: EdgeError): string {
  // A location with a header of its own inherits none.
  const retryAfter =
    retryAfterSeconds === undefined
      ? ''
      : `      add_header X-Request-Id $edge_request_id always;
      add_header Retry-After ${retryAfterSeconds} always;
`;
  return `    error_page ${nginxStatus} =${status} /.error-${status};
    location = /.error-${status} {
      internal;
${retryAfter}      return ${status} '{"error":{"code":"${code}","message":"${message}","details":[],"timestamp":"$time_iso8601","request_id":"$edge_request_id"}}';
    }`;
}
