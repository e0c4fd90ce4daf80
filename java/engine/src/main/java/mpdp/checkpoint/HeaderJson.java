package mpdp.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON that a safetensors header may hold and no more: objects, arrays, strings and
 * non-negative integers. A duplicate key, any other value or trailing text is an error.
 */
final class HeaderJson {
  private static final int DEEPEST = 8;

  private final String text;
  private int at;
  private int depth;

  private HeaderJson(String text) {
    this.text = text;
  }

  /**
   * Parses one object; values are Map, List, String or Long.
   *
   * @throws IllegalArgumentException naming the character position of the first fault
   */
  static Map<String, Object> parse(String text) {
    HeaderJson parser = new HeaderJson(text);
    Map<String, Object> object = parser.object();
    parser.skipSpace();
    if (parser.at != text.length()) {
      throw parser.fault("text after the end");
    }
    return object;
  }

  private Map<String, Object> object() {
    Map<String, Object> object = new LinkedHashMap<>();
    open('{');
    if (!closes('}')) {
      do {
        skipSpace();
        String key = string();
        expect(':');
        if (object.put(key, value()) != null) {
          throw fault("'" + key + "' occurs twice");
        }
      } while (continues('}'));
    }
    depth--;
    return object;
  }

  private List<Object> array() {
    List<Object> array = new ArrayList<>();
    open('[');
    if (!closes(']')) {
      do {
        array.add(value());
      } while (continues(']'));
    }
    depth--;
    return array;
  }

  private Object value() {
    skipSpace();
    char c = peek();
    return switch (c) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      default -> integer();
    };
  }

  private Long integer() {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
    if (at == start || at - start > 18 || leadingZero) {
      throw fault("expected a value");
    }
    return Long.valueOf(text.substring(start, at));
  }

  private String string() {
    if (peek() != '"') {
      throw fault("expected a string");
    }
    at++;
    StringBuilder out = new StringBuilder();
    for (char c = peek(); c != '"'; c = peek()) {
      at++;
      if (c < ' ') {
        throw fault("control character in a string");
      }
      out.append(c == '\\' ? escape() : c);
    }
    at++;
    return out.toString();
  }

  private char escape() {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw fault("unknown escape");
    };
  }

  private char unicode() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0 || peek() > 'f') {
        throw fault("bad \\u escape");
      }
      code = code * 16 + digit;
      at++;
    }
    return (char) code;
  }

  private void open(char bracket) {
    if (++depth > DEEPEST) {
      throw fault("nested too deeply");
    }
    expect(bracket);
  }

  private boolean closes(char bracket) {
    skipSpace();
    if (peek() != bracket) {
      return false;
    }
    at++;
    return true;
  }

  private boolean continues(char bracket) {
    if (closes(bracket)) {
      return false;
    }
    expect(',');
    return true;
  }

  private void expect(char wanted) {
    skipSpace();
    if (peek() != wanted) {
      throw fault("expected '" + wanted + "'");
    }
    at++;
  }

  private char peek() {
    if (at >= text.length()) {
      throw fault("it ends too early");
    }
    return text.charAt(at);
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private IllegalArgumentException fault(String what) {
    return new IllegalArgumentException("bad JSON header at character " + at + ": " + what);
  }

  /** Appends {@code text} as a JSON string. */
  static void quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
