/** What the server answered when it did not do as asked. */
export class ApiError extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

/** No answer came at all. */
export class Unreachable extends Error {}

/** The server's HTTP interface. Requests go to the page's own origin and nowhere else. */
export class Api {
  csrf = '';
  /** Called when the server no longer knows who asks. */
  onUnauthorized: () => void = () => undefined;

  /** @returns null when there is nothing yet (204). */
  get<T>(path: string, signal?: AbortSignal): Promise<T | null> {
    return this.ask<T>(path, { signal });
  }

  async text(path: string, signal?: AbortSignal): Promise<{ text: string; headers: Headers } | null> {
    const response = await this.send(path, { signal });
    return response.status === 204 ? null : { text: await response.text(), headers: response.headers };
  }

  post<T>(path: string, body: unknown = {}): Promise<T | null> {
    return this.ask<T>(path, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Sweep-Csrf': this.csrf }, body: JSON.stringify(body) });
  }

  private async ask<T>(path: string, init: RequestInit): Promise<T | null> {
    const response = await this.send(path, init);
    return response.status === 204 ? null : ((await response.json()) as T);
  }

  private async send(path: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(path, { credentials: 'same-origin', ...init, signal: init.signal ?? null });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new Unreachable('the server does not answer');
    }
    if (response.ok) return response;
    if (response.status === 401 && !path.endsWith('/login')) this.onUnauthorized();
    throw new ApiError(response.status, await complaint(response));
  }
}

async function complaint(response: Response): Promise<string> {
  try {
    const body = (await response.json()) as { error?: unknown };
    if (typeof body.error === 'string') return body.error;
  } catch { /* The body is no JSON: the status has to do. */ }
  return `the server answered ${response.status}`;
}

/** True for the error of a request that the page itself gave up. */
export const aborted = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

export const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));
