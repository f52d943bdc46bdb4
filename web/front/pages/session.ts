/** What is remembered until the tab is closed. Nothing, if the browser forbids it. */

export function remember(key: string, value: string): void {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // The settings of the browser block it. What depends on it is left out.
  }
}

/** Returns null if nothing is remembered. */
export function recall(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

export function forgetAll(): void {
  try {
    sessionStorage.clear();
  } catch {
    // Then there is nothing to forget.
  }
}
