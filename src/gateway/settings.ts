/** How one gateway group behaves; every bound of the data path is here. Times in milliseconds, sizes in bytes. */
export interface GatewaySettings {
  /** Serve `debug` routes? They can return whole states. */
  allowDebugRoutes: boolean;
  /** Serve routes outside the Beacon API, such as `/lighthouse/…` or `/eth/v1/lodestar/…`? */
  allowClientRoutes: boolean;
  /** Lower-case 0x addresses; empty means that any fee recipient is allowed. */
  feeRecipientAllowList: readonly string[];
  maxReadBodyBytes: number;
  maxPublishBodyBytes: number;
  /** Larger answers are streamed instead of received whole. */
  maxBufferedAnswerBytes: number;
  maxConnections: number;
  /** Unanswered requests on one client socket. */
  maxPipelined: number;
  keepAliveMs: number;
  headersTimeoutMs: number;
  requestTimeoutMs: number;
  /** Connections to one node, by lane. */
  dutyConnections: number;
  bulkConnections: number;
  connectTimeoutMs: number;
  /** Upper end of the wait before a cheap call goes to a second node; the lower end is half of it. */
  hedgeMs: number;
  /** Bodies from this size on are compressed for clients that accept it. */
  compressFromBytes: number;
  eventHeartbeatMs: number;
  /** An event stream's client is dropped when this much is waiting to be sent to it. */
  maxEventBacklogBytes: number;
  maxEventStreams: number;
  /** Items of each kind in the replay store. */
  maxReplayItems: number;
  replaySnapshotMs: number;
}

export const defaultGatewaySettings: GatewaySettings = {
  allowDebugRoutes: false,
  allowClientRoutes: false,
  feeRecipientAllowList: [],
  maxReadBodyBytes: 4 * 1024 * 1024,
  maxPublishBodyBytes: 32 * 1024 * 1024,
  maxBufferedAnswerBytes: 8 * 1024 * 1024,
  maxConnections: 16_384,
  maxPipelined: 8,
  keepAliveMs: 120_000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  dutyConnections: 128,
  bulkConnections: 128,
  connectTimeoutMs: 1_000,
  hedgeMs: 300,
  compressFromBytes: 1_024,
  eventHeartbeatMs: 15_000,
  maxEventBacklogBytes: 256 * 1024,
  maxEventStreams: 4_096,
  maxReplayItems: 500_000,
  replaySnapshotMs: 5_000,
};
