package mpdp.backend.cuda;

/** One launch of an op: a node of its program's graph. */
public sealed interface Launch permits KernelLaunch, MatrixProduct {
  /** Name of the kernel, or of the library's function. */
  String kernel();
}
