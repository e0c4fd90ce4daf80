package mpdp.checkpoint;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mpdp.MpdpException;

/**
 * Records written to and read from a checkpoint's metadata, a component an entry: whole numbers of
 * at least 1, fractions in [0, 1], flags and lists of floats. An error names the entry.
 */
record HeaderRecords(Checkpoint checkpoint, String prefix) {

  /** Adds an entry for every component. */
  void put(Record header) {
    for (RecordComponent component : header.getClass().getRecordComponents()) {
      Object value = value(header, component);
      checkpoint.put(key(component), value instanceof float[] f ? join(f) : value.toString());
    }
  }

  /** A record made of the entries of its components. */
  <T extends Record> T read(Class<T> type) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = Arrays.stream(components).map(c -> parse(key(c), c.getType())).toArray();
    try {
      Constructor<T> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(type + " refused its entries", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make " + type, e);
    }
  }

  /** One flag that belongs to no record. */
  boolean flag(String name) {
    String key = prefix + "." + name;
    return flag(key, checkpoint.get(key));
  }

  /** Refuses a list that is not {@code count} long. */
  void checkLength(String name, float[] values, int count) {
    if (values.length != count) {
      throw wrong(prefix + "." + name);
    }
  }

  private Object parse(String key, Class<?> type) {
    String text = checkpoint.get(key);
    if (type == int.class) {
      return number(key, text);
    }
    if (type == double.class) {
      return fraction(key, text);
    }
    if (type == boolean.class) {
      return flag(key, text);
    }
    return floats(key, text);
  }

  private int number(String key, String text) {
    double value = decimal(key, text);
    if (value < 1 || value != (int) value) {
      throw wrong(key);
    }
    return (int) value;
  }

  private double fraction(String key, String text) {
    double value = decimal(key, text);
    if (!(value >= 0 && value <= 1)) {
      throw wrong(key);
    }
    return value;
  }

  private double decimal(String key, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw wrong(key);
    }
  }

  private boolean flag(String key, String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(key);
    };
  }

  private float[] floats(String key, String text) {
    String[] parts = text.split(" ");
    float[] values = new float[parts.length];
    for (int i = 0; i < parts.length; i++) {
      values[i] = (float) decimal(key, parts[i]);
    }
    return values;
  }

  private MpdpException wrong(String key) {
    return new MpdpException(
        "entry '%s' of the checkpoint is '%s': another version wrote it"
            .formatted(key, checkpoint.get(key)));
  }

  private static String join(float[] values) {
    return IntStream.range(0, values.length)
        .mapToObj(i -> Float.toString(values[i]))
        .collect(Collectors.joining(" "));
  }

  /** {@code agent.policy_width} for {@code policyWidth}. */
  private String key(RecordComponent component) {
    String snake = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    return prefix + "." + snake;
  }

  private static Object value(Record header, RecordComponent component) {
    try {
      return component.getAccessor().invoke(header);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }
}
