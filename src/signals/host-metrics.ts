/** node_exporter's names on Linux and, for memory, on macOS and the BSDs. */
export const hostMetrics = {
  cpuSeconds: "node_cpu_seconds_total",
  load1: "node_load1",
  memoryTotal: ["node_memory_MemTotal_bytes", "node_memory_total_bytes"],
  memoryAvailable: ["node_memory_MemAvailable_bytes", "node_memory_available_bytes"],
  /** Kernels and systems without an "available" figure: what is free or can be given back at once. */
  memoryReclaimable: [
    "node_memory_MemFree_bytes",
    "node_memory_Buffers_bytes",
    "node_memory_Cached_bytes",
    "node_memory_free_bytes",
    "node_memory_inactive_bytes",
  ],
  filesystemSize: "node_filesystem_size_bytes",
  filesystemAvailable: "node_filesystem_avail_bytes",
  filesystemReadOnly: "node_filesystem_readonly",
  filesystemFiles: "node_filesystem_files",
  filesystemFilesFree: "node_filesystem_files_free",
  filesystemDeviceError: "node_filesystem_device_error",
  bootTime: "node_boot_time_seconds",
  time: "node_time_seconds",
  clockOffset: "node_timex_offset_seconds",
  clockSynced: "node_timex_sync_status",
} as const;

export const hostMetricNames: ReadonlySet<string> = new Set(Object.values(hostMetrics).flat());

/** Filesystems that hold no client's data: a full one of these is normal or harmless. */
export const ignoredFilesystems =
  /^(tmpfs|devtmpfs|ramfs|squashfs|overlay|nsfs|iso9660|efivarfs|vfat|fuse\.lxcfs|proc|sysfs|cgroup2?|autofs|tracefs|rpc_pipefs)$/;
export const ignoredMountpoints = /^\/(boot|run|snap|sys|proc|dev|var\/lib\/(docker|containerd|kubelet)\/.+)(\/|$)/;
