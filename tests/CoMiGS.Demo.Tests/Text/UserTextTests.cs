using CoMiGS.Demo.Text;

namespace CoMiGS.Demo.Tests.Text;

public sealed class UserTextTests
{
    [Fact]
    public void Splits_shorter_than_a_window_are_refused_all_at_once_with_their_sizes()
    {
        var user = new UserText("anna", "notes", new string('a', 500), "kurz", new string('b', 128));

        var checking = () => user.RequireWindows(128);

        checking.Should().Throw<DemoException>().WithMessage("User 'anna' has too little text: valid has 4 bytes, test has 128 bytes; each split needs at least 129*--train-kb*");
    }

    [Fact]
    public void A_window_and_the_byte_after_it_are_enough()
    {
        var user = new UserText("anna", "notes", new string('a', 129), new string('a', 129), new string('a', 129));

        user.Invoking(text => text.RequireWindows(128)).Should().NotThrow();
    }

    [Fact]
    public void Sizes_are_bytes_not_characters() => new UserText("anna", "", "äöü", "", "").TrainBytes.Should().Be(6);
}
