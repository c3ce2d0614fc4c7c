namespace CoMiGS.Transport.Http;

/// <summary>
/// Keeps a fleet from coming all at once: lets so many arrivals a second in, and gives the others windows to come back in, each window for no
/// more devices than it has room for. After an outage the fleet is spread in one go, however large it is.
/// </summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="perSecond">The most arrivals a second.</param>
/// <param name="time">The clock.</param>
public sealed class ArrivalPacer(double perSecond, TimeProvider time)
{
    // Devices draw their moments within a window; what two halves of neighbouring windows hold by chance stays below the cap with this share.
    private const double Filling = 0.7;
    private static readonly TimeSpan WindowLength = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly double _room = Math.Max(1, perSecond * Filling);
    private DateTimeOffset _free = DateTimeOffset.MinValue;
    private DateTimeOffset _window = DateTimeOffset.MinValue;
    private int _inWindow;

    /// <summary>A device arrives.</summary>
    /// <returns>Null if it may come in; else when it is to come back.</returns>
    public RetryWindow? Arrive()
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (_free <= now + WindowLength)
            {
                _free = (_free > now ? _free : now) + TimeSpan.FromSeconds(1 / perSecond);
                return null;
            }

            if (_window <= now)
            {
                (_window, _inWindow) = (now + WindowLength, 0);
            }
            else if (_inWindow >= _room)
            {
                (_window, _inWindow) = (_window + (WindowLength * Math.Max(1, 1 / _room)), 0);
            }

            _inWindow++;
            return new RetryWindow(_window - now, _window - now + WindowLength, "Many devices come at once: this one has its turn later.");
        }
    }
}
