import { baseImages, images } from '#catalog/containers.ts';
import { postgresEntrypoint } from './postgres-entrypoint.ts';
import { bareLibraries, debian, install, type StandIn, user, wget } from './stand-in.ts';

/**
 * One for each image of docker-compose.yml: the real program at the path, with the entrypoint and as the user of the official
 * image. Grafana alone has no program here: its stand-in answers that it is well, and says that it is none.
 */
export const standIns: readonly StandIn[] = [
  {
    image: baseImages.busybox,
    files: () => ({}),
    dockerfile: `FROM ${debian} AS debian
FROM scratch
COPY --from=debian /usr/bin/busybox /bin/busybox`,
  },
  {
    image: baseImages.node,
    files: ({ node, npm, certificates }) => ({
      node: { from: node },
      npm: { from: npm },
      'certificates.crt': { from: certificates },
      npmrc: { text: 'cafile=/usr/local/etc/certificates.crt\n' },
    }),
    // Its nc takes the options that Alpine's takes.
    dockerfile: `FROM ${debian}
${install('netcat-openbsd')}
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
COPY npmrc certificates.crt /usr/local/etc/
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
${wget}
${user('node', 1000)}`,
  },
  {
    image: images.postgres,
    files: () => ({ 'docker-entrypoint.sh': { text: postgresEntrypoint } }),
    dockerfile: `FROM ${debian}
${user('postgres', 70)}
${install('postgresql-17')}
COPY docker-entrypoint.sh /usr/local/bin/
RUN chmod 755 /usr/local/bin/docker-entrypoint.sh && install -d -o 70 -g 70 -m 1777 /var/lib/postgresql/data && install -d -o 70 -g 70 -m 3777 /var/run/postgresql
ENV PATH=/usr/lib/postgresql/17/bin:/usr/local/bin:/usr/bin:/bin PGDATA=/var/lib/postgresql/data
VOLUME /var/lib/postgresql/data
ENTRYPOINT ["docker-entrypoint.sh"]
STOPSIGNAL SIGINT
CMD ["postgres"]`,
  },
  {
    image: images.valkey,
    files: () => ({ 'docker-entrypoint.sh': { text: '#!/bin/sh\nexec "$@"\n' } }),
    dockerfile: `FROM ${debian}
${user('valkey', 999)}
${install('valkey-server', 'valkey-tools')}
COPY docker-entrypoint.sh /usr/local/bin/
RUN chmod 755 /usr/local/bin/docker-entrypoint.sh && install -d -o 999 -g 999 /data
VOLUME /data
WORKDIR /data
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["valkey-server"]`,
  },
  {
    image: images.nginx,
    files: () => ({ 'docker-entrypoint.sh': { text: '#!/bin/sh\nexec "$@"\n' } }),
    dockerfile: `FROM ${debian}
${user('nginx', 101)}
${install('nginx-light')}
${wget}
COPY docker-entrypoint.sh /
RUN chmod 755 /docker-entrypoint.sh
ENTRYPOINT ["/docker-entrypoint.sh"]
STOPSIGNAL SIGQUIT
CMD ["nginx", "-g", "daemon off;"]`,
  },
  {
    image: images.toxiproxy,
    files: ({ tools }) => ({
      toxiproxy: { from: tools.toxiproxy },
      // The command of that name is in no release of the server.
      'toxiproxy-cli': { text: '#!/bin/busybox sh\nexec /bin/busybox wget -q -O - http://127.0.0.1:8474/proxies\n' },
    }),
    dockerfile: `${bareLibraries}
RUN cp --parents /usr/bin/busybox /bare && ln -s usr/bin /bare/bin
COPY toxiproxy-cli /bare/
RUN chmod 755 /bare/toxiproxy-cli
FROM scratch
COPY --from=libraries /bare /
COPY toxiproxy /toxiproxy
ENTRYPOINT ["/toxiproxy"]
CMD ["-host=0.0.0.0"]`,
  },
  {
    image: images.collector,
    files: ({ tools }) => ({ 'otelcol-contrib': { from: tools.otelcol } }),
    dockerfile: `${bareLibraries}
FROM scratch
COPY --from=libraries /bare /
COPY otelcol-contrib /otelcol-contrib
USER 10001:10001
ENTRYPOINT ["/otelcol-contrib"]`,
  },
  {
    image: images.loki,
    files: ({ tools }) => ({ loki: { from: tools.loki } }),
    dockerfile: `${bareLibraries}
RUN install -d -o 10001 -g 10001 /bare/loki /bare/loki/rules
FROM scratch
COPY --from=libraries /bare /
COPY loki /usr/bin/loki
USER 10001
ENTRYPOINT ["/usr/bin/loki"]`,
  },
  {
    image: images.jaeger,
    files: ({ tools }) => ({ 'jaeger-linux': { from: tools.jaeger } }),
    dockerfile: `FROM ${debian}
${wget}
COPY jaeger-linux /cmd/jaeger/jaeger-linux
VOLUME /tmp
USER 10001
ENTRYPOINT ["/cmd/jaeger/jaeger-linux"]`,
  },
  {
    image: images.prometheus,
    files: ({ tools }) => ({ prometheus: { from: tools.prometheus }, promtool: { from: tools.promtool } }),
    dockerfile: `FROM ${debian}
${wget}
COPY prometheus promtool /usr/bin/
RUN install -d -o 65534 -g 65534 -m 775 /prometheus
USER 65534
VOLUME /prometheus
WORKDIR /prometheus
ENTRYPOINT ["/bin/prometheus"]`,
  },
  {
    image: images.alertmanager,
    files: ({ tools }) => ({ alertmanager: { from: tools.alertmanager }, amtool: { from: tools.amtool } }),
    dockerfile: `FROM ${debian}
${wget}
COPY alertmanager amtool /usr/bin/
RUN install -d -o 65534 -g 65534 -m 775 /alertmanager
USER 65534
VOLUME /alertmanager
WORKDIR /alertmanager
ENTRYPOINT ["/bin/alertmanager"]`,
  },
  {
    image: images.grafana,
    files: () => ({
      health: { text: '{"database":"ok","version":"none","stand_in":"this is no Grafana, only its place"}\n' },
      'index.html': { text: 'This is no Grafana, only its place: here nothing can be pulled.\n' },
      'run.sh': { text: '#!/bin/sh\nexec busybox httpd -f -p 3000 -h /srv\n' },
    }),
    dockerfile: `FROM ${debian}
${wget}
COPY run.sh /
COPY index.html /srv/
COPY health /srv/api/
RUN chmod 755 /run.sh && install -d -o 472 -g 0 /var/lib/grafana
USER 472
ENTRYPOINT ["/run.sh"]`,
  },
  {
    image: images.k6,
    files: ({ tools }) => ({ k6: { from: tools.k6 } }),
    dockerfile: `FROM ${debian}
COPY k6 /usr/bin/k6
${user('k6', 12345)}
USER 12345
ENTRYPOINT ["k6"]`,
  },
];
