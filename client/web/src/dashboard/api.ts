import { at } from './root';

/** An error response of the server. */
export class ApiError extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

/** No response at all. */
export class Unreachable extends Error {}

/** The server's HTTP interface. Requests go only to the page's own origin. */
export class Api {
  csrf = '';
  /** Called when the session is no longer valid. */
  onUnauthorized: () => void = () => undefined;

  /** @returns null if there is nothing yet (204). */
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
      response = await fetch(at(path), { credentials: 'same-origin', ...init, signal: init.signal ?? null });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new Unreachable('the server doesn’t answer');
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
  } catch { /* The body is not JSON: use the status. */ }
  return `the server answered ${response.status}`;
}

/** Whether an error is that of a request aborted by the page itself. */
export const aborted = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

export const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));
