; Inno Setup: installs Hive for one person, without rights of an administrator.
; `packaging\dev.py build` runs it where `iscc` is on the path, and gives it the version.

#ifndef Version
  #error The version is given by the caller: /DVersion=... /DNumbers=...
#endif
#define Name "Hive"
#define Program "hive-desktop.exe"
#define Command "hive.exe"
#define Kind "Hive.Statement"
; Held by both programs while they run: packaging/bundle/entry.py.
#define Running "HiveDesktopIsRunning"

[Setup]
AppId={{5A0F4F3E-6D0C-4C39-8F2A-0A6C1D1F7B52}
AppName={#Name}
AppVersion={#Version}
AppVerName={#Name} {#Version}
AppPublisher=The Hive Desktop authors
VersionInfoVersion={#Numbers}
VersionInfoProductTextVersion={#Version}
VersionInfoDescription={#Name}
AppReadmeFile={app}\_internal\licences.txt
UninstallDisplayName={#Name}
DefaultDirName={autopf}\Hive
DefaultGroupName={#Name}
DisableProgramGroupPage=yes
; An administrator installs it for all who use the computer by /ALLUSERS.
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=commandline
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
LicenseFile=..\..\LICENSE
SetupIconFile=..\..\dist\work\icons\hive.ico
UninstallDisplayIcon={app}\{#Program}
OutputDir=..\..\dist
OutputBaseFilename=hive-desktop-{#Version}-setup
Compression=lzma2
SolidCompression=yes
WizardStyle=modern
ChangesEnvironment=yes
ChangesAssociations=yes
; A running Hive is asked to close, and ended where it stays in the tray: a vault stands any end.
CloseApplications=force
RestartApplications=no

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"

[CustomMessages]
en.CommandLine=Add the command hive to the search path
de.CommandLine=Den Befehl hive in den Suchpfad aufnehmen
en.Demo=Try Hive with sample data
de.Demo=Hive mit Beispieldaten ausprobieren
en.Statement=Bank statement
de.Statement=Kontoauszug
en.StillRuns=Hive is still running. Quit it by its icon in the taskbar, and then try again.
de.StillRuns=Hive ist noch offen. Beenden Sie es mit seinem Symbol in der Taskleiste, dann versuchen Sie es noch einmal.

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: "path"; Description: "{cm:CommandLine}"; Flags: unchecked; Check: not IsAdminInstallMode

[InstallDelete]
; What an older version had and this one has not must not be loaded.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "..\..\dist\hive-desktop\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\{#Name}"; Filename: "{app}\{#Program}"
Name: "{autoprograms}\{cm:Demo}"; Filename: "{app}\{#Program}"; Parameters: "--demo"
Name: "{autodesktop}\{#Name}"; Filename: "{app}\{#Program}"; Tasks: desktopicon

[Registry]
Root: HKCU; Subkey: "Environment"; ValueType: expandsz; ValueName: "Path"; ValueData: "{olddata};{app}"; Tasks: path; Check: IsNotOnPath(ExpandConstant('{app}'))
; Offered by "Open with"; what opens such files by itself stays as it is.
Root: HKA; Subkey: "Software\Classes\{#Kind}"; ValueType: string; ValueData: "{cm:Statement}"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\{#Kind}\DefaultIcon"; ValueType: string; ValueData: "{app}\{#Program},0"
Root: HKA; Subkey: "Software\Classes\{#Kind}\shell\open"; ValueType: string; ValueName: "FriendlyAppName"; ValueData: "{#Name}"
Root: HKA; Subkey: "Software\Classes\{#Kind}\shell\open\command"; ValueType: string; ValueData: """{app}\{#Program}"" ""%1"""
Root: HKA; Subkey: "Software\Classes\.ofx\OpenWithProgids"; ValueType: none; ValueName: "{#Kind}"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.qfx\OpenWithProgids"; ValueType: none; ValueName: "{#Kind}"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.qif\OpenWithProgids"; ValueType: none; ValueName: "{#Kind}"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.csv\OpenWithProgids"; ValueType: none; ValueName: "{#Kind}"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.xml\OpenWithProgids"; ValueType: none; ValueName: "{#Kind}"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.sta\OpenWithProgids"; ValueType: none; ValueName: "{#Kind}"; Flags: uninsdeletevalue

[Run]
Filename: "{app}\{#Program}"; Description: "{cm:LaunchProgram,{#Name}}"; Flags: nowait postinstall skipifsilent

[Code]
function PathOfPerson: string;
begin
  if not RegQueryStringValue(HKCU, 'Environment', 'Path', Result) then
    Result := '';
end;

function IsNotOnPath(Folder: string): Boolean;
begin
  Result := Pos(';' + Uppercase(Folder) + ';', ';' + Uppercase(PathOfPerson) + ';') = 0;
end;

function InitializeUninstall: Boolean;
begin
  Result := True;
  while CheckForMutexes('{#Running}') do
    if SuppressibleMsgBox(CustomMessage('StillRuns'), mbError, MB_RETRYCANCEL, IDCANCEL) <> IDRETRY then
    begin
      Result := False;
      exit;
    end;
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
var
  Path, Ours: string;
  At: Integer;
begin
  if Step <> usPostUninstall then
    exit;
  RegDeleteValue(HKCU, 'Software\Microsoft\Windows\CurrentVersion\Run', 'Hive');
  Path := ';' + PathOfPerson + ';';
  Ours := ';' + ExpandConstant('{app}') + ';';
  At := Pos(Uppercase(Ours), Uppercase(Path));
  if At = 0 then
    exit;
  Delete(Path, At, Length(Ours) - 1);
  RegWriteExpandStringValue(HKCU, 'Environment', 'Path', Copy(Path, 2, Length(Path) - 2));
end;
