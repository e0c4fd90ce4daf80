package mpdp.app.run;

import mpdp.MpdpException;

/** Another process holds a folder; what it does there is none of this one's failures. */
public final class BusyException extends MpdpException {
  private static final long serialVersionUID = 1L;

  BusyException(String message) {
    super(message);
  }
}
