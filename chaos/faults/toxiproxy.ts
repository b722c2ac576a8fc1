const patienceMs = 3000;

/** The API of Toxiproxy. @source https://github.com/Shopify/toxiproxy#http-api */
export function toxiproxyApi(url: string) {
  const send = async (method: string, path: string, body?: unknown, alsoFine?: number): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(patienceMs),
    });
    const text = await response.text();
    if (response.ok) return text === '' ? undefined : JSON.parse(text);
    if (response.status === alsoFine) return undefined;
    throw new Error(`Toxiproxy answered ${method} ${path} with ${response.status}: ${text}`);
  };
  return {
    url,
    send,
    /** Does nothing where it is not there. */
    remove: async (path: string): Promise<void> => void (await send('DELETE', path, undefined, 404)),
  };
}
