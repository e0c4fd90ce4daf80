package mpdp.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.zip.CRC32C;
import mpdp.MpdpException;

/**
 * A named set of tensors and strings that is saved whole and read back verified. The file is a
 * safetensors file, so other tools can open it; its metadata carry the format's name, its version
 * and a CRC32C of all tensors. Tensors are views: what {@link #add} was given must stay unchanged
 * until {@link #write}, and what {@link #read} returns is the mapped file, read-only.
 */
public final class Checkpoint {
  private static final String FORMAT_KEY = "format";
  private static final String FORMAT = "mpdp-checkpoint";
  private static final String VERSION_KEY = "version";
  private static final String VERSION = "1";
  private static final String CHECKSUM_KEY = "crc32c";

  private final Map<String, Tensor> tensors;
  private final Map<String, String> metadata;

  /** An empty checkpoint to fill and write. */
  public Checkpoint() {
    this(new LinkedHashMap<>(), new LinkedHashMap<>());
  }

  private Checkpoint(Map<String, Tensor> tensors, Map<String, String> metadata) {
    this.tensors = tensors;
    this.metadata = metadata;
  }

  /** Adds a tensor of {@code type} over {@code data}, whose size must be that of {@code shape}. */
  public Checkpoint add(String name, TensorType type, long[] shape, MemorySegment data) {
    if (name.isEmpty() || name.equals(Safetensors.METADATA) || tensors.containsKey(name)) {
      throw new IllegalArgumentException(
          "tensor name '" + name + "' is empty, reserved or taken: choose another");
    }
    tensors.put(name, new Tensor(type, shape, data));
    return this;
  }

  /** Adds an F32 tensor over {@code data}. */
  public Checkpoint add(String name, long[] shape, MemorySegment data) {
    return add(name, TensorType.F32, shape, data);
  }

  /** Adds an F32 tensor. */
  public Checkpoint add(String name, long[] shape, float[] data) {
    return add(name, TensorType.F32, shape, MemorySegment.ofArray(data));
  }

  /** Adds an I32 tensor. */
  public Checkpoint add(String name, long[] shape, int[] data) {
    return add(name, TensorType.I32, shape, MemorySegment.ofArray(data));
  }

  /** Adds an I64 tensor. */
  public Checkpoint add(String name, long[] shape, long[] data) {
    return add(name, TensorType.I64, shape, MemorySegment.ofArray(data));
  }

  /** Adds a U8 tensor. */
  public Checkpoint add(String name, long[] shape, byte[] data) {
    return add(name, TensorType.U8, shape, MemorySegment.ofArray(data));
  }

  /** Sets one string of metadata. */
  public Checkpoint put(String key, String value) {
    if (key.equals(FORMAT_KEY) || key.equals(VERSION_KEY) || key.equals(CHECKSUM_KEY)) {
      throw new IllegalArgumentException("metadata key '" + key + "' is reserved: choose another");
    }
    metadata.put(key, value);
    return this;
  }

  /** The tensors' names in file order. */
  public SequencedSet<String> names() {
    return Collections.unmodifiableSequencedSet(
        new LinkedHashSet<>(Safetensors.ordered(tensors).keySet()));
  }

  /** Whether there is a tensor of that name. */
  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  /** The tensor, its shape and its memory; an MpdpException names what is missing. */
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new MpdpException(
          "The checkpoint holds no tensor '"
              + name
              + "': it was written by another version or with other settings");
    }
    return tensor;
  }

  /** The memory of a tensor, to be copied to where it belongs without an array in between. */
  public MemorySegment segment(String name, TensorType type) {
    Tensor tensor = tensor(name);
    if (tensor.type() != type) {
      throw new MpdpException(
          "Tensor '"
              + name
              + "' of the checkpoint is "
              + tensor.type()
              + " where "
              + type
              + " is needed: it was written by another version");
    }
    return tensor.data();
  }

  /** As {@link #segment(String, TensorType)}, refusing any shape but the given one. */
  public MemorySegment segment(String name, TensorType type, long... shape) {
    MemorySegment data = segment(name, type);
    long[] stored = tensor(name).shape();
    if (!Arrays.equals(stored, shape)) {
      throw new MpdpException(
          "Tensor '"
              + name
              + "' of the checkpoint has shape "
              + Arrays.toString(stored)
              + " where "
              + Arrays.toString(shape)
              + " is needed: resume with the run's own settings");
    }
    return data;
  }

  /** A copy of an F32 tensor. */
  public float[] floats(String name) {
    return segment(name, TensorType.F32).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }

  /** A copy of an I32 tensor. */
  public int[] ints(String name) {
    return segment(name, TensorType.I32).toArray(ValueLayout.JAVA_INT_UNALIGNED);
  }

  /** A copy of an I64 tensor. */
  public long[] longs(String name) {
    return segment(name, TensorType.I64).toArray(ValueLayout.JAVA_LONG_UNALIGNED);
  }

  /** A copy of a U8 tensor. */
  public byte[] bytes(String name) {
    return segment(name, TensorType.U8).toArray(ValueLayout.JAVA_BYTE);
  }

  /** One string of metadata; an MpdpException names what is missing. */
  public String get(String key) {
    String value = metadata.get(key);
    if (value == null) {
      throw new MpdpException(
          "The checkpoint holds no entry '" + key + "': it was written by another version");
    }
    return value;
  }

  /** The strings given with {@link #put}. */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  /**
   * Writes the file whole or leaves an earlier one as it was.
   *
   * @throws MpdpException if it cannot be written, for example because the disk is full
   */
  public void write(Path path) {
    Map<String, String> complete = new LinkedHashMap<>(metadata);
    complete.put(FORMAT_KEY, FORMAT);
    complete.put(VERSION_KEY, VERSION);
    complete.put(CHECKSUM_KEY, checksum(Safetensors.ordered(tensors)));
    Safetensors.write(path, new Safetensors.Content(tensors, complete));
  }

  /**
   * Opens a checkpoint and verifies all of it.
   *
   * @throws MpdpException one line that says what is wrong: no such file, not a checkpoint, another
   *     version, cut short, inconsistent, or bits that changed since it was written
   */
  public static Checkpoint read(Path path) {
    Safetensors.Content content = SafetensorsReader.read(path);
    Map<String, String> metadata = new LinkedHashMap<>(content.metadata());
    if (!FORMAT.equals(metadata.remove(FORMAT_KEY))) {
      throw new MpdpException(path + " is no checkpoint of mpdp: give a file that mpdp wrote");
    }
    String version = metadata.remove(VERSION_KEY);
    if (!VERSION.equals(version)) {
      throw new MpdpException(
          path
              + " is a checkpoint of version "
              + version
              + ", this program reads version "
              + VERSION
              + ": use the program that wrote it");
    }
    String stored = metadata.remove(CHECKSUM_KEY);
    String actual = checksum(content.tensors());
    if (!actual.equals(stored)) {
      throw SafetensorsReader.damaged(
          path, "its checksum is " + actual + " where " + stored + " was written", null);
    }
    return new Checkpoint(new LinkedHashMap<>(content.tensors()), metadata);
  }

  /**
   * Opens the checkpoint of a run folder that has the most steps, or a checkpoint file.
   *
   * @throws MpdpException as {@link #read}, or if the folder has no checkpoint
   */
  public static Checkpoint latest(Path run) {
    if (Files.isRegularFile(run)) {
      return read(run);
    }
    CheckpointFolder folder = CheckpointFolder.of(run);
    if (!Files.isDirectory(folder.path())) {
      throw new MpdpException(
          run + " has no checkpoint: give the folder of a run that wrote one, or its file");
    }
    return read(
        folder
            .latest()
            .orElseThrow(
                () -> new MpdpException(run + " has no checkpoint yet: wait for its first one")));
  }

  private static String checksum(Map<String, Tensor> ordered) {
    CRC32C crc = new CRC32C();
    try {
      for (Tensor tensor : ordered.values()) {
        Safetensors.forEachChunk(tensor.data(), crc::update);
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return String.format("%08x", crc.getValue());
  }
}
