/** Loaded before a measured script: writes its CPU time and peak memory to file descriptor 3 when it ends. */
import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

// Threads of the script load it as well; the figures are of the whole process, told once.
function tell(): void {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeSync(3, JSON.stringify({ cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakBytes: maxRSS * 1024 }));
}

if (isMainThread) process.on('exit', tell);
