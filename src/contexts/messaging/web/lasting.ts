import { m } from 'virtual:messages';

/** A stretch of seconds in words, at two units at most: 3 小時 20 分, 45 秒. */
export function lasting(seconds: number): string {
  if (seconds < 60) return m.messaging_seconds({ count: Math.max(1, Math.round(seconds)) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return m.messaging_minutes({ count: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return m.messaging_hours_minutes({ hours, minutes: minutes % 60 });
  return m.messaging_days_hours({ days: Math.floor(hours / 24), hours: hours % 24 });
}
