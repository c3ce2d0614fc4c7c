namespace CoMiGS.Transport;

/// <summary>What has gone over a coordinator's transport since it was made: bytes of messages, without headers and encryption.</summary>
/// <param name="BytesReceived">Bytes from devices.</param>
/// <param name="BytesSent">Bytes to devices.</param>
public readonly record struct TransportTraffic(long BytesReceived, long BytesSent);
