/**
 * The opencl back end: the kernels of {@code opencl/ops}, built for a device when a program first
 * needs them, through JOCL. {@link mpdp.backend.opencl.OpenClProbe} is the way in that works
 * without JOCL or an OpenCL loader.
 */
@NullMarked
package mpdp.backend.opencl;

import org.jspecify.annotations.NullMarked;
