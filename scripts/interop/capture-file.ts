/**
 * A capture file (pcap, link type 101: bare IPv4) of one TCP connection from 127.0.0.1 to `port`, one packet for each
 * payload, in order.
 */
export function captureFile(payloads: readonly Buffer[], port: number): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(262_144, 16);
  head.writeUInt32LE(101, 20);
  let sequence = 1;
  const packets = payloads.map((payload, index) => {
    const packet = tcpPacket(payload, port, sequence);
    sequence += payload.length;
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1_790_000_000 + index, 0);
    record.writeUInt32LE(packet.length, 8);
    record.writeUInt32LE(packet.length, 12);
    return Buffer.concat([record, packet]);
  });
  return Buffer.concat([head, ...packets]);
}

function tcpPacket(payload: Buffer, port: number, sequence: number): Buffer {
  const head = Buffer.alloc(40);
  head[0] = 0x45;
  head.writeUInt16BE(40 + payload.length, 2);
  head[8] = 64;
  head[9] = 6;
  head.set([127, 0, 0, 1], 12);
  head.set([127, 0, 0, 1], 16);
  head.writeUInt16BE(40_000, 20);
  head.writeUInt16BE(port, 22);
  head.writeUInt32BE(sequence, 24);
  head[32] = 0x50;
  head[33] = 0x18;
  head.writeUInt16BE(0xffff, 34);
  return Buffer.concat([head, payload]);
}
